"""How good are the answers? Development questions, metrics and the calibration of the confidence."""
