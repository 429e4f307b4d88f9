"""What programs send."""

from typing import Any

from tests.support.office import credit_code, resident_id


def complaint(**values: Any) -> dict[str, Any]:
    """An ordinary complaint with a worker and an employer; name what differs."""
    return {
        "kind": "complaint",
        "unit": "CQ",
        "received_on": "2026-03-02",
        "parties": [
            {
                "kind": "person",
                "role": "complainant",
                "name": "李明",
                "id_number": resident_id(),
                "phone": "13800138000",
            },
            {
                "kind": "employer",
                "role": "employer",
                "name": "上海东滩物流有限公司",
                "credit_code": credit_code(),
            },
        ],
        "claims": [{"kind": "wages", "amount": "12345.60"}],
        "details": {"channel": "phone", "violation": "wage_arrears"},
        **values,
    }
