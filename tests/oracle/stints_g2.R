# March and August 2026, in two stages; the second argument but one says which of them.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
generation <- arguments[3]
stints <- read_rows()
stints[, `:=`(
  time = as_time(book_in_datetime),
  birth_year = as.integer(birth_year),
  bond_posted_amount = as.numeric(bond_posted_amount)
)]
keys <- c(
  "unique_identifier", "time", "detention_facility_code", "detention_release_reason", "stay_book_out_date",
  "stay_release_reason", "religion", "gender", "marital_status", "birth_year", "ethnicity", "entry_status", "felon",
  "bond_posted_date", "bond_posted_amount", "case_status", "case_category", "final_order_yes_no",
  "final_order_date", "case_threat_level", "book_in_criminality", "final_charge", "departed_date",
  "departure_country", "citizenship_country", "final_program", "msc_charge_code", "msc_charge"
)
if (generation == "G3") keys <- setdiff(keys, "msc_charge_code")
setorderv(stints, keys, na.last = FALSE)
bonds <- c("bond_posted_date", "bond_posted_amount", "initial_bond_set_amount")
if (generation == "G2") bonds <- c(bonds, "initial_bond_set_date")
alike <- setdiff(names(stints), c("id", "file_original", "sheet_original", "row_original", bonds))
stints[, has_person := !is.na(unique_identifier)]
stints[, survives := TRUE]
stints[has_person == TRUE, survives := seq_len(.N) == 1L, by = alike]
stints[, stays := survives]
stints[has_person == TRUE & survives == TRUE,
  stays := seq_len(.N) == .N,
  by = .(unique_identifier, detention_facility_code, substr(book_in_datetime, 1, 10), stay_book_in_datetime)
]
stints[, drop := !stays]
stints[, likely := if (generation == "G2") drop else survives & !stays]
stints[has_person == FALSE, likely := NA]
write_rows(stints[, .(id, likely, drop)])
