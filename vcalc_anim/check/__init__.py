"""Gates: what no frame, caption, number or file may break. Findings say what, where and how to mend it."""
