# August 2026: of a person's rows of one day of departure the last stays, by country, sheet and row.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
removals <- read_rows()
removals[, person := person_of(removals)]
setorder(removals, person, departed_date, departure_country, sheet_original, row_original, na.last = TRUE)
removals[, likely := .N > 1L, by = .(person, departed_date)]
removals[, last := seq_len(.N) == .N, by = .(person, departed_date)]
removals[is.na(unique_identifier), likely := NA]
removals[, drop := likely %in% TRUE & !last]
write_rows(removals[, .(id, likely, drop)])
