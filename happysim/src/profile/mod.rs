//! Profiles: quantities that change over simulated time.
