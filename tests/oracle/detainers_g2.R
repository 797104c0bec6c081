# July 2025 and March 2026: a row is marked where its identifier and its day occur more than once.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
detainers <- read_rows()
detainers[, likely := .N > 1L, by = .(detainer_prepare_date, unique_identifier)]
detainers[is.na(unique_identifier), likely := NA]
detainers[, drop := FALSE]
write_rows(detainers[, .(id, likely, drop)])
