# March and August 2026: chains of at most 24 hours from row to row; the first row of each stays.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
arrests <- read_rows()
arrests[, time := as_time(apprehension_datetime)]
arrests[, person := person_of(arrests)]
arrests[, is_reprocessed := apprehension_method == "ERO Reprocessed Arrest"]
setorder(arrests, person, time, is_reprocessed, file_original, sheet_original, row_original, na.last = TRUE)
arrests[, gap := as.numeric(difftime(time, shift(time), units = "hours")), by = person]
arrests[, episode := cumsum(is.na(gap) | gap > 24), by = person]
arrests[, first := seq_len(.N) == 1L, by = .(person, episode)]
arrests[, likely := .N > 1L, by = .(person, episode)]
arrests[is.na(unique_identifier), likely := NA]
arrests[, drop := likely %in% TRUE & !first]
write_rows(arrests[, .(id, episode, first, likely, drop)])
