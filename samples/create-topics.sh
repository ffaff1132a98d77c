#!/usr/bin/env bash
# Creates the shop's topics. Each gets its replicas from a placement file instead of a replication factor.
set -euo pipefail

BOOTSTRAP=broker-west-1:9092,broker-east-1:9092

# Two sync replicas and one observer in each big datacenter: min ISR 3 always spans both of them.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic orders \
  --partitions 12 \
  --replica-placement /etc/kafka/placements/orders.json \
  --config min.insync.replicas=3

# The same durability, but nobody thought of observers.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic payments \
  --partitions 12 \
  --replica-placement /etc/kafka/placements/payments.json \
  --config min.insync.replicas=3

# Observers, but an old placement: version 1 never promotes them by itself.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic inventory \
  --partitions 6 \
  --replica-placement /etc/kafka/placements/inventory.json \
  --config min.insync.replicas=3

# Fast writes: every sync replica in one datacenter.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic clickstream \
  --partitions 24 \
  --replica-placement /etc/kafka/placements/clickstream.json \
  --config min.insync.replicas=2 \
  --config retention.ms=86400000

# A slip of the hand in a rack's name.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic shipments \
  --partitions 6 \
  --replica-placement /etc/kafka/placements/shipments.json \
  --config min.insync.replicas=3

# Three datacenters: the fifth replica keeps the ISR at min ISR, so no observer is needed.
docker compose exec broker-west-1 kafka-topics --bootstrap-server "$BOOTSTRAP" --create \
  --topic audit \
  --partitions 3 \
  --replica-placement /etc/kafka/placements/audit.json \
  --config min.insync.replicas=3 \
  --config cleanup.policy=compact
