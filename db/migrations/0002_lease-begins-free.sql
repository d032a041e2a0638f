INSERT INTO "claudbot"."lease" ("id", "epoch", "holder", "expires_at")
  VALUES (1, 0, '', '1970-01-01T00:00:00Z') ON CONFLICT DO NOTHING;
