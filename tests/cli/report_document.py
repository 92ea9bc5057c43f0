"""What an HTML report holds."""

import json
import re


def read_document(path):
    """The JSON object that the page shows."""
    scripts = re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    documents = [json.loads(script) for script in scripts]
    document = next(document for document in documents if document.get("version") == 1)
    document["datasets"] = {name: [dict(zip(packed["fields"], row)) for row in packed["rows"]]
                            for name, packed in document["datasets"].items()}
    return document


def blocks(document, kind):
    return [block for section in document["sections"] for block in section["blocks"] if block["kind"] == kind]
