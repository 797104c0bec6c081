# July 2025: of the rows of one stint the last with the lowest bond stays, or the last where none has one.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
stints <- read_rows()
stints[, bond := as.numeric(initial_bond_set_amount)]
stints[, has_stint := !is.na(unique_identifier) & !is.na(book_in_datetime) & !is.na(detention_facility_code)]
stints[, likely := NA]
stints[has_stint == TRUE, likely := {
  stays <- if (all(is.na(bond))) .N else max(which(bond == min(bond, na.rm = TRUE)))
  seq_len(.N) != stays
}, by = .(unique_identifier, book_in_datetime, detention_facility_code)]
stints[, drop := likely %in% TRUE]
write_rows(stints[, .(id, likely, drop)])
