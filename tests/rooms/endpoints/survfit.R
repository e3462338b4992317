# Rscript tests/rooms/endpoints/survfit.R > tests/rooms/endpoints/survfit.csv
# Made once with R 4.2.2 and survival 3.5-3 (Debian's r-base-core and r-cran-survival).
suppressPackageStartupMessages(library(survival))
sets <- list(
  trial = list(
    days = c(3, 3, 7, 7, 12, 15, 15, 21, 28, 28, 28, 35, 42, 42, 56, 56, 63, 70, 84, 84, 91, 98,
             112, 126, 140, 140, 168, 196, 210, 224),
    event = c(1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1,
              0, 0)),
  small = list(days = c(0, 0, 4, 9), event = c(1, 0, 1, 0)),
  gone = list(days = c(10, 20, 30, 40), event = c(1, 1, 1, 1)))
tell <- function(...) cat(paste(..., sep = ","), "\n", sep = "")
num <- function(x) ifelse(is.na(x), "", trimws(formatC(x, digits = 15, format = "g")))
tell("set", "interval", "level", "what", "at", "estimate", "low", "high")
for (name in names(sets)) for (kind in c("plain", "log", "log-log", "logit", "arcsin"))
  for (level in c(0.95, 0.8)) {
    data <- sets[[name]]
    fit <- survfit(Surv(days, event) ~ 1, data, conf.type = kind, conf.int = level)
    word <- sub("arcsin", "arcsine", kind)
    for (i in seq_along(fit$time))
      tell(name, word, level, "at", fit$time[i], num(fit$surv[i]), num(fit$lower[i]),
           num(fit$upper[i]))
    q <- quantile(fit, c(0.1, 0.25, 0.5, 0.75))
    for (i in 1:4)
      tell(name, word, level, "quantile", c(0.1, 0.25, 0.5, 0.75)[i], num(q$quantile[i]),
           num(q$lower[i]), num(q$upper[i]))
    back <- quantile(survfit(Surv(days, 1 - event) ~ 1, data, conf.type = kind,
                             conf.int = level), 0.5)
    tell(name, word, level, "follow-up", 0.5, num(back$quantile), num(back$lower),
         num(back$upper))
  }
