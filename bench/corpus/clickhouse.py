"""Document counts of names with embedded ClickHouse: `clickhouse.py NAMES PARQUET`, published rule (pip install chdb)."""
import json
import re
import resource
import sys
import time

import chdb

names = open(sys.argv[1], encoding="utf8").read().splitlines()
# Hyperscan takes regular expressions; many small sets compile, one of 10^4 may not.
GROUP = 10_000
session = chdb.session.Session() if hasattr(chdb, "session") else None
query = session.query if session else chdb.query


def quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


counts = [0] * len(names)
before = resource.getrusage(resource.RUSAGE_SELF)
started = time.perf_counter()
for start in range(0, len(names), GROUP):
    patterns = ",".join(quote(re.escape(" " + name)) for name in names[start : start + GROUP])
    sql = (
        "SELECT i, count() FROM (SELECT arrayJoin(multiMatchAllIndices(text, [" + patterns + "])) AS i "
        "FROM file('" + sys.argv[2] + "', Parquet)) GROUP BY i "
        "SETTINGS max_query_size = 100000000, max_ast_elements = 10000000, max_expanded_ast_elements = 10000000, "
        "max_hyperscan_regexp_length = 0, max_hyperscan_regexp_total_length = 0, max_threads = 1"
    )
    for line in str(query(sql, "TSV")).splitlines():
        index, n = line.split("\t")
        counts[start + int(index) - 1] = int(n)
seconds = time.perf_counter() - started
after = resource.getrusage(resource.RUSAGE_SELF)
cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
json.dump({"seconds": seconds, "cpu": cpu, "counts": counts}, sys.stdout)
