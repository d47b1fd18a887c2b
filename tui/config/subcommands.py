"""The names of the subcommands."""

EXPORT, POOLS, CHECK, WHY, MONEY, ARCHIVE = "export", "pools", "check", "why", "money", "archive"
RUN, RUNS, WATCH = "run", "runs", "watch"
DOCTOR, COMPLETION, DEMO_SERVER = "doctor", "completion", "demo-server"
