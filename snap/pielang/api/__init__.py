"""The API table: every call an inferlet can make, declared once.

`table` holds the declarations, `errors` the status codes, `codec` packs and checks by declaration, `generate` writes
the pie side of each call (`stdlib/core/_generated_calls.pie`).
"""
