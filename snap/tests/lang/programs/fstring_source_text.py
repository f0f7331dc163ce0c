print(repr(rf"{'a\x41'=}"))
print(repr(f"{'a\x41':>5}{'\\'=}{'''
'''=}"))
print(repr(f"{r'\d'=}"))
