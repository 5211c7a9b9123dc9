"""The commands of ``vcalc`` that have a module of their own, and the options that commands share."""
