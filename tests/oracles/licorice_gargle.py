"""licorice_gargle, the data of Ruetzler 2013, Anesth Analg 117:614: throat pain above 0, treated against control.

Counted in the data; the percents of both sides are printed in the paper.
"""

PAIN = (
    (22, 117, 19, 42, 116, 36),
    (12, 117, 10, 41, 116, 35),
    (24, 117, 21, 52, 116, 45),
)
