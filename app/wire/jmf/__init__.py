"""CIP4's job messages: JMF 1.x with JDF, and XJMF 2.x with XJDF. Written from the public specifications.

The two say the same in different words. `Dialect` picks one; reading takes either, for front ends mix them.
"""
