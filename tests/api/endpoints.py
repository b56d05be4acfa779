"""Every endpoint: the scope it needs, who may use it, and whether it tells names."""

BOTH, LEADS = {"lead", "engineer"}, {"lead"}
ENDPOINTS = {
    ("GET", "studies/"): ("read", BOTH, False),
    ("GET", "studies/{slug}/"): ("read", BOTH, False),
    ("GET", "studies/{slug}/prompts/"): ("read", BOTH, True),
    ("POST", "studies/{slug}/prompts/"): ("write", LEADS, True),
    ("GET", "studies/{slug}/works/"): ("read", BOTH, True),
    ("POST", "studies/{slug}/works/"): ("write", LEADS, True),
    ("GET", "studies/{slug}/judgements/"): ("export", BOTH, True),
    ("POST", "studies/{slug}/judgements/"): ("write", LEADS, True),
    ("GET", "studies/{slug}/judgements.ndjson"): ("export", BOTH, True),
    ("GET", "studies/{slug}/fits/"): ("read", BOTH, True),
    ("GET", "studies/{slug}/fits/{fit}/"): ("read", BOTH, True),
    ("GET", "studies/{slug}/standings/"): ("read", BOTH, True),
    ("POST", "uploads/"): ("write", BOTH, False),
    ("GET", "uploads/{upload}/"): ("write", BOTH, False),
    ("PATCH", "uploads/{upload}/"): ("write", BOTH, False),
    ("DELETE", "uploads/{upload}/"): ("write", BOTH, False),
    ("GET", "builds/{build}/"): ("export", BOTH, True),
    ("DELETE", "builds/{build}/"): ("export", BOTH, True),
    ("GET", "releases/"): ("read", BOTH, False),
    ("POST", "releases/"): ("export", BOTH, True),
    ("GET", "releases/{release}/"): ("read", BOTH, True),
    ("GET", "releases/{release}/files/"): ("export", BOTH, True),
    ("GET", "releases/{release}/files/README.md"): ("export", BOTH, True),
    ("GET", "releases/{release}/archive/"): ("export", BOTH, True),
    ("GET", "openapi.json"): ("read", BOTH, False),
}
BODIES = {
    "studies/{slug}/prompts/": {"prompts": [{"id": "p-new", "text": "Another prompt."}]},
    "studies/{slug}/judgements/": {
        "machine": "a judge",
        "judgements": [{"prompt": "p1", "works": ["p1-1", "p1-2"], "criterion": "lighting", "ranks": [1, 2]}],
    },
    "studies/{slug}/works/": {"works": [{"id": "w-new", "prompt": "p1", "maker": "somebody", "text": "Words."}]},
}
