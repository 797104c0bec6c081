# Who is held at any time of a day, and at the midnight that ends it: people, each counted once a day and facility.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
stints <- read_rows()
first <- as.IDate(arguments[3])
last <- as.IDate(arguments[4])
stints[, person := person_of(stints)]
stints[, `:=`(day_in = as.IDate(book_in_date), day_out = as.IDate(book_out_date))]
stints[, end := fifelse(is.na(day_out), last, day_out)]
stints <- stints[!is.na(day_in) & end >= day_in]
days <- stints[, .(day = seq(day_in, end, by = 1L)), by = .(id, person, detention_facility_code, day_in, day_out)]
days <- days[day >= first & day <= last]
held <- days[, .(
  present_count = uniqueN(person),
  midnight_count = uniqueN(person[is.na(day_out) | day_out >= day + 1L])
), by = .(detention_facility_code, day)]
write_rows(held)
