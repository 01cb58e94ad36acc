"""What words mean: instruments, rules, measures, tables. Imports nothing of ours."""
