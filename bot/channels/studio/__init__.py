"""The page on which municipal staff edit the content (`python -m bot studio`).

`app.py` has the addresses, `units.py` what can be edited, `effects.py` what a change means for
citizens, `walks.py` the conversations that try it, `door.py` who may come in.
"""
