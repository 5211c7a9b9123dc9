"""A board of cells finds, lights, fills and carries its cells."""

import numpy as np
import pytest

from vcalc_anim.stage import MatrixView, fly, theme

TABLE = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])


def test_cells_stand_in_rows_and_columns_wherever_the_board_goes() -> None:
    board = MatrixView(TABLE, cell=0.8).shift([2.0, 1.0, 0.0])
    np.testing.assert_allclose(board.place(0, 2) - board.place(0, 0), [1.6, 0, 0], atol=1e-9)
    np.testing.assert_allclose(board.place(1, 0) - board.place(0, 0), [0, -0.8, 0], atol=1e-9)
    np.testing.assert_allclose(board.number(1, 2).get_center(), board.place(1, 2), atol=1e-6)


def test_numbers_are_written_by_the_core_and_fit_their_cells() -> None:
    board = MatrixView([[-123.456, 1.0]], cell=0.9)
    assert board.number(0, 0).source == "$ -123.46 $"
    assert board.number(0, 0).width <= 0.9


def test_a_number_can_be_put_replaced_and_taken() -> None:
    board = MatrixView.empty(2, 1)
    with pytest.raises(KeyError, match="is empty"):
        board.number(0, 0)
    first = board.put((0, 0), 1.0)
    second = board.put((0, 0), 2.0)
    assert first not in board.submobjects and second in board.submobjects
    assert board.take((0, 0)) is second
    assert np.isnan(board.values).all() and len(board.numbers) == 0


def test_light_fills_and_goes_out_again() -> None:
    board = MatrixView(TABLE)
    animation = board.light([(0, 1)], "gradient", 0.4)
    animation.begin()
    animation.finish()
    assert board.box(0, 1).get_fill_opacity() == pytest.approx(0.4)
    assert board.box(0, 1).get_stroke_width() == theme.LINE
    assert board.box(0, 0).get_fill_opacity() == 0
    out = board.darken([(0, 1)])
    out.begin()
    out.finish()
    assert board.box(0, 1).get_fill_opacity() == 0


def test_heat_grows_with_the_size_of_the_number() -> None:
    board = MatrixView([[0.0, -2.0, 4.0]])
    assert [board.heat_of((0, j), 4.0) for j in range(3)] == pytest.approx([0, 0.5, 1])


def test_a_flip_lands_rows_as_columns() -> None:
    board, target = MatrixView(TABLE), MatrixView(TABLE).flipped([5.0, 0.0, 0.0])
    assert target.values.shape == (3, 2)
    flight = board.flip_onto(target)
    flight.begin()
    flight.interpolate(1.0)
    np.testing.assert_allclose(flight.mobject[1].get_center(), target.place(1, 0), atol=1e-6)
    with pytest.raises(ValueError, match="does not fit"):
        board.flip_onto(MatrixView(TABLE))


def test_copies_fly_one_after_the_other() -> None:
    board = MatrixView(TABLE)
    flight = fly([(number, [9.0, 0.0]) for number in board.numbers], lag=0.5)
    flight.begin()
    flight.interpolate(0.3)
    ways = [float(copy.get_x()) for copy in flight.mobject]
    assert ways[0] > ways[1] and ways[-1] == pytest.approx(board.number(1, 2).get_x())


def test_a_cell_that_is_not_there_is_named() -> None:
    with pytest.raises(IndexError, match=r"2 × 3.*\(2, 0\)"):
        MatrixView(TABLE).box(2, 0)
    with pytest.raises(ValueError, match="rows, columns"):
        MatrixView([1.0, 2.0])
