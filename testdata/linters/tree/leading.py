

 
  def f(:
