"""Ships documents with Elastic's own client for Python, in bulk: a JSON line on what became of them.

    elasticsearch-bulk.py URL COUNT RETRIES
"""

import json
import sys

from elasticsearch import Elasticsearch, helpers

url, count, retries = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
client = Elasticsearch(url, retry_on_status=[503], max_retries=retries)
documents = ({"_index": "logs", "_id": f"d{n}", "n": n, "text": "ü\n"} for n in range(count))
taken, errors = helpers.bulk(client, documents, chunk_size=50)
print(json.dumps({"taken": taken, "errors": errors}))
