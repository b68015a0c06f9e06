//! Damm's check digit: finds every single wrong digit and every swap of two neighbours.
//!
//! Called by the constraint on reference codes and by whoever makes one. It knows digits only and keeps nothing.

/// A totally anti-symmetric quasigroup of order 10: row is the state so far, column the next digit.
const NEXT: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// The digit to put after `digits` (each 0 to 9); `None` when one of them is not a digit.
pub fn check_digit(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |state: u8, digit| {
        NEXT[usize::from(state)].get(usize::from(*digit)).copied()
    })
}

/// Whether the last of `digits` (each 0 to 9) is the check digit of those before it. Nothing at all is not valid.
pub fn valid(digits: &[u8]) -> bool {
    !digits.is_empty() && check_digit(digits) == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn one_wrong_digit_and_one_swap_are_always_found() {
        assert_eq!(check_digit(&[5, 7, 2]), Some(4));
        assert_eq!(check_digit(&[5, 10]), None);
        assert!(!valid(&[]));
        let mut code: Vec<u8> = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9].into();
        code.push(check_digit(&code).unwrap());
        assert!(valid(&code));
        for place in 0..code.len() {
            for digit in (0..10).filter(|digit| *digit != code[place]) {
                let mut wrong = code.clone();
                wrong[place] = digit;
                assert!(!valid(&wrong), "digit {place}");
            }
            if place > 0 && code[place] != code[place - 1] {
                let mut wrong = code.clone();
                wrong.swap(place, place - 1);
                assert!(!valid(&wrong), "swap at {place}");
            }
        }
    }
}
