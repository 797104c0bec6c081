# March 2026: stints of one stay together; open ones last until the cut-off, the last argument.
source(file.path(Sys.getenv("ORACLE"), "read.R"))
stints <- read_rows()
until <- as_time(arguments[3])
stints <- stints[!is.na(unique_identifier) & !is.na(stay_book_in_datetime)]
stints[, `:=`(time_in = as_time(book_in_datetime), time_out = as_time(book_out_datetime))]
setorder(stints, unique_identifier, time_in, time_out, na.last = FALSE)
stints[, seconds := as.numeric(difftime(fifelse(is.na(time_out), until, time_out), time_in, units = "secs"))]
stays <- stints[, .(
  stint_count = .N,
  facility_codes_in_order = paste(fifelse(is.na(detention_facility_code), "", detention_facility_code), collapse = "; "),
  first_facility_code = detention_facility_code[1],
  longest_facility_code = detention_facility_code[max(which(seconds == max(seconds)))],
  last_facility_code = detention_facility_code[.N],
  gender = gender[.N]
), by = .(unique_identifier, stay_book_in_datetime)]
stays[, person_stay_count := .N, by = unique_identifier]
write_rows(stays)
