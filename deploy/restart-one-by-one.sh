#!/usr/bin/env bash
# Restarts processes behind nginx one by one, without a lost or a late answer: sudo bash deploy/restart-one-by-one.sh 7860 7861
# nginx does not ask who is ready, so each is taken out of its list first, and put back when it is. (Caddy asks by itself.)
set -euo pipefail
site=${SITE:-/etc/nginx/sites-available/rugpijn}

put() {
    sed -i "s/server 127.0.0.1:$1 [^;]*;/server 127.0.0.1:$1 $2;/" "$site"
    nginx -t -q ${NGINX_OPTIONS:-}
    systemctl reload nginx
}

[ $# -ge 2 ] || { echo "Noem de poorten van alle processen; het zijn er minstens twee." >&2; exit 2; }
for port in "$@"; do
    put "$port" down
    systemctl restart "rugpijn@$port"
    until curl -fs "http://127.0.0.1:$port/ready" > /dev/null; do sleep 1; done
    put "$port" fail_timeout=2s
done
