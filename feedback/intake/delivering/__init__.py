"""Files of a study to be: sent from a browser, arranged where no study.toml came along, and read by the worker."""
