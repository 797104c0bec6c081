"""Makes releases up, in the files of real ones, with what is true written beside."""
