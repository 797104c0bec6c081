# August 2026: chains as for arrests; in each the first row of every type and jail stays.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
detainers <- read_rows()
detainers[, time := as_time(paste(detainer_prepare_date, "00:00:00"))]
detainers[, person := person_of(detainers)]
setorder(detainers, person, time, file_original, sheet_original, row_original, na.last = TRUE)
detainers[, gap := as.numeric(difftime(time, shift(time), units = "hours")), by = person]
detainers[, episode := cumsum(is.na(gap) | gap > 24), by = person]
detainers[, first := seq_len(.N) == 1L, by = .(person, episode, detainer_type, jail_name)]
detainers[, likely := .N > 1L, by = .(person, episode, detainer_type, jail_name)]
detainers[is.na(unique_identifier), likely := NA]
detainers[, drop := likely %in% TRUE & !first]
write_rows(detainers[, .(id, episode, first, likely, drop)])
