"""Quiz questions as the core sees them: claims that it tests, and questions that it computes with their mistakes.

No words are here: what a student reads is written in the scripts. Each module registers its checks and templates.
"""

import vcalc_anim.core.questions.autodiff
import vcalc_anim.core.questions.backprop
import vcalc_anim.core.questions.chains
import vcalc_anim.core.questions.descent
import vcalc_anim.core.questions.expansions
import vcalc_anim.core.questions.gradients
import vcalc_anim.core.questions.jacobians
import vcalc_anim.core.questions.matrices
import vcalc_anim.core.questions.partials
import vcalc_anim.core.questions.slopes  # noqa: F401
from vcalc_anim.core.questions.answers import Answer
from vcalc_anim.core.questions.registry import CHECKS, RIGHT, TEMPLATES, Facts, Numbers, Template

__all__ = ["CHECKS", "RIGHT", "TEMPLATES", "Answer", "Facts", "Numbers", "Template"]
