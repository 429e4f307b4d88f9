"""Use cases on cases: each is one transaction, checks access and leaves an audit entry."""
