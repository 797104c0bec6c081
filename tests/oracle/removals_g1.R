# July 2025: a row is marked where its identifier and its day of departure occur more than once.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
removals <- read_rows()
removals[, likely := .N > 1L, by = .(departed_date, unique_identifier)]
removals[is.na(unique_identifier), likely := NA]
removals[, drop := FALSE]
write_rows(removals[, .(id, likely, drop)])
