"""Other systems: who may send us cases, who is told what becomes of ours."""
