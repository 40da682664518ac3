//! s
pub fn read_package_files(){}
