# FY2012-2023: a row is marked where its identifier and its date and time occur more than once.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
arrests <- read_rows()
arrests[, likely := .N > 1L, by = .(unique_identifier, apprehension_datetime)]
arrests[is.na(unique_identifier), likely := NA]
arrests[, drop := FALSE]
write_rows(arrests[, .(id, likely, drop)])
