"""What was written reaches people: by mail, files, webhooks and notifications, each once by a ledger."""
