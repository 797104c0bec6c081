# The nearest event of each stay, then the nearest stay of each event; the window stands in the arguments, in hours.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
events <- read_rows()
stays <- fread(arguments[3], colClasses = "character", na.strings = "")
from <- as.numeric(arguments[4])
to <- as.numeric(arguments[5])
pairs <- merge(events[!is.na(unique_identifier)], stays, by = "unique_identifier", allow.cartesian = TRUE)
pairs[, hours := as.numeric(difftime(as_time(stay_time), as_time(event_time), units = "hours"))]
pairs <- pairs[!is.na(hours) & hours >= from & hours <= to]
pairs <- pairs[, .SD[which.min(abs(hours))], by = .(unique_identifier, stay_book_in_datetime)]
pairs <- pairs[, .SD[which.min(abs(hours))], by = id]
write_rows(merge(events[, .(id)], pairs[, .(id, stay_book_in_datetime)], by = "id", all.x = TRUE))
