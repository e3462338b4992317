# From a data frame of findings to verdicts, a survival curve and a waterfall.
#
#   Rscript examples/r/survival.R [FOLDER]
#
# R does the reading, the statistics and the drawing, the command mrecist the judging: tables go to
# it and come back as CSV. MRECIST is the command, where it is not on the path. Without FOLDER the
# results go to a folder that is thrown away.

library(survival)

given <- commandArgs(trailingOnly = TRUE)
out <- if (length(given)) given[1] else tempfile("mrecist")
dir.create(out, showWarnings = FALSE, recursive = TRUE)

mrecist <- function(...) {
  command <- strsplit(Sys.getenv("MRECIST", "mrecist"), " ", fixed = TRUE)[[1]]
  status <- system2(command[1], c(command[-1], shQuote(c(...))))
  # 1: some patient is invalid and listed in errors.csv; the others are judged.
  if (status > 1) stop("mrecist could not run")
}

# Your data frames: one row per finding, one row per line of therapy. An empty cell says nothing.
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
findings <- read.csv(file.path(here, "..", "cohort", "findings.csv"))
lines <- read.csv(file.path(here, "..", "cohort", "lines.csv"))

tables <- c(findings = file.path(out, "findings.csv"), lines = file.path(out, "lines.csv"))
write.csv(findings, tables["findings"], row.names = FALSE, na = "")
write.csv(lines, tables["lines"], row.names = FALSE, na = "")

verdicts <- file.path(out, "verdicts")
times <- file.path(out, "times")
mrecist("cohort", tables["findings"], "--lines", tables["lines"], "--out", verdicts)
mrecist("endpoints", tables["findings"], "--lines", tables["lines"], "--policy", "fda-a",
        "--out", times)

# The best response of each line.
best <- read.csv(file.path(verdicts, "lines.csv"))
print(table(line = best$line, best = best$best_response))

# pfs_event is 1 for an event and 0 for a censored time, as Surv takes it. (CNSR in adtte.csv is the
# other way round, as in ADaM: 1 - CNSR.)
endpoints <- read.csv(file.path(times, "endpoints.csv"))
first <- endpoints[endpoints$line == 1, ]
fit <- survfit(Surv(pfs_days, pfs_event) ~ 1, data = first)
cat("progression-free survival, first line:", fit$n, "lines,", sum(fit$n.event), "events, median",
    summary(fit)$table["median"], "days\n")

# The deepest fall of the sum in each line, in per cent: a waterfall.
depth <- sort(first$depth_percent, decreasing = TRUE)
cat("depth in per cent:", sprintf("%.1f", depth), "\n")
pdf(file.path(out, "figures.pdf"))
plot(fit, xlab = "days from the start of the line", ylab = "progression-free")
barplot(depth, ylab = "change from baseline, %", ylim = c(-100, max(20, depth)))
invisible(dev.off())
