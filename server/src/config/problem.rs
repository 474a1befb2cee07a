//! What is wrong with the configuration, all of it at once.

use std::fmt;

/// One thing that keeps Coffer from starting, named after the variable that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable, or the file where it stands.
    pub variable: String,
    /// What is wrong and what to do, without the value.
    pub sentence: String,
}

impl Problem {
    /// A problem of one variable.
    pub fn new(variable: &str, sentence: impl Into<String>) -> Self {
        Self { variable: variable.to_owned(), sentence: sentence.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.sentence)
    }
}

/// Every problem found in one reading. Displayed one to a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Notes one more problem.
    pub fn push(&mut self, variable: &str, sentence: impl Into<String>) {
        self.0.push(Problem::new(variable, sentence));
    }

    /// Whether `variable` has a problem.
    pub fn names(&self, variable: &str) -> bool {
        self.0.iter().any(|problem| problem.variable == variable)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
