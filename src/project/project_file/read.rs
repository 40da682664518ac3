//! s
pub fn read(){} pub fn render(){}
