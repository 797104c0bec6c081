# The yardstick of `make bench`: a workbook of arrests as released in March 2026, read with readxl with a type for
# each column, and its repeated arrests marked with data.table. Written from the project's specification (2.1, G2).
# Prints the seconds of it, and how many rows are the first of their episode: Rscript bench_arrests.R WORKBOOK

suppressPackageStartupMessages({
  library(readxl)
  library(data.table)
})

HEADER_ROW <- 7L
WINDOW_SECONDS <- 24 * 60 * 60
TYPES <- c("date", rep("text", 13), "numeric", "text", "text", "date", "date", rep("text", 6))

path <- commandArgs(trailingOnly = TRUE)[1]
begun <- proc.time()[["elapsed"]]

sheets <- excel_sheets(path)
arrests <- rbindlist(lapply(sheets, function(sheet) {
  # Cells that are no date are given as missing, with a warning each.
  rows <- suppressWarnings(
    read_excel(path, sheet = sheet, skip = HEADER_ROW - 1L, col_types = TYPES, .name_repair = "minimal")
  )
  setDT(rows)
  rows[, `:=`(sheet_original = sheet, row_original = .I + HEADER_ROW)]
}))
setnames(arrests, gsub(" ", "_", tolower(names(arrests)), fixed = TRUE))
texts <- names(arrests)[vapply(arrests, is.character, logical(1))]
for (name in texts) {
  set(arrests, which(arrests[[name]] %chin% c("b(6), b(7)c", "b(6), b(7)C")), name, NA_character_)
}

# A row without identifier is a person alone; gaps are to the row before, so that episodes chain.
arrests[, person := fifelse(is.na(anonymized_identifier), paste0("noid_", .I), anonymized_identifier)]
arrests[, is_reprocessed := fifelse(is.na(apprehension_method), NA, apprehension_method == "ERO Reprocessed Arrest")]
setorder(arrests, person, apprehension_date, is_reprocessed, sheet_original, row_original, na.last = TRUE)
arrests[, moment := as.numeric(apprehension_date)]
arrests[, gap := moment - shift(moment)]
arrests[rowid(person) == 1L, gap := NA_real_]
arrests[, begins := is.na(gap) | gap > WINDOW_SECONDS]
arrests[, episode := cumsum(begins)]
arrests[, size := .N, by = episode]
arrests[, `:=`(
  duplicate_episode_first = begins,
  duplicate_likely = fifelse(is.na(anonymized_identifier), NA, size > 1L)
)]
arrests[, duplicate_drop_row := duplicate_likely & !duplicate_episode_first]
kept <- arrests[, sum(duplicate_episode_first)]

cat(sprintf("%.4f %d %d\n", proc.time()[["elapsed"]] - begun, nrow(arrests), kept))
