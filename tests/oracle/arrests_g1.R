# July 2025: in order of time, a row is marked where the person's row before or after it is at most 24 hours away.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
arrests <- read_rows()
arrests[, time := as_time(apprehension_datetime)]
setorder(arrests, time, na.last = TRUE)
near <- function(one, other) {
  hours <- abs(as.numeric(difftime(one, other, units = "hours")))
  !is.na(hours) & hours <= 24
}
arrests[, likely := near(time, shift(time)) | near(time, shift(time, type = "lead")), by = unique_identifier]
arrests[is.na(unique_identifier), likely := NA]
arrests[, drop := FALSE]
write_rows(arrests[, .(id, likely, drop)])
