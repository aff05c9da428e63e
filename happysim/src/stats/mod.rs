//! Statistics in constant memory: counters, histograms, time-weighted levels, time series.
