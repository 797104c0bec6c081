# Reads the table that a test has written: text as it stands, an empty cell is missing, rows in the order of the files.
suppressPackageStartupMessages(library(data.table))

arguments <- commandArgs(trailingOnly = TRUE)

read_rows <- function(path = arguments[1]) {
  rows <- fread(path, colClasses = "character", na.strings = "")
  rows[, row_original := as.integer(row_original)]
  rows[]
}

as_time <- function(text) as.POSIXct(text, format = "%Y-%m-%d %H:%M:%S", tz = "UTC")

# A row without identifier is a person of its own.
person_of <- function(rows) ifelse(is.na(rows$unique_identifier), paste0("noid_", seq_len(nrow(rows))), rows$unique_identifier)

write_rows <- function(rows, path = arguments[2]) {
  fwrite(rows, path, na = "", logical01 = FALSE)
}
