"""The names of the subcommands."""

EXPORT, POOLS, CHECK, WHY, MONEY, ARCHIVE = "export", "pools", "check", "why", "money", "archive"
RUN, RUNS, WATCH, SERVE = "run", "runs", "watch", "serve"
DOCTOR, COMPLETION, DEMO_SERVER = "doctor", "completion", "demo-server"
