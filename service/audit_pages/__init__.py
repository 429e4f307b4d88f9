"""Who read and who changed what: the audit log, for auditors."""

from service.audit_pages.routes import blueprint

__all__ = ["blueprint"]
