#!/bin/bash
# Stop what start.sh started in FOLDER, by the process ids it left there.
folder="$1"
for pid in "$folder/slurmd.pid" "$folder/slurmctld.pid" "$folder/munge/munged.pid"; do
  if [ -f "$pid" ]; then kill "$(cat "$pid")" 2> /dev/null; fi
done
exit 0
