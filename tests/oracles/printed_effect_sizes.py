"""Two papers on ketamine that print a d without saying which: what their means and deviations make of it.

Twenty veterans, 17.0 (5.76) to 12.5 (6.99), printed d = -0.91, which is d_z; MADRS 37.75 (6.2) to 16.75 (9.71),
printed d = 2.6, which is d_av, where d_z is 2.83. The correlation of before and after follows from d_z; the second
paper's n is not used by either d.
"""

VETERANS = {"n": 20, "before": (17.0, 5.76), "after": (12.5, 6.99), "d_z": 0.91}
MADRS = {"n": 20, "before": (37.75, 6.2), "after": (16.75, 9.71), "d_z": 2.83, "d_av": 2.6}
