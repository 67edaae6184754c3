# One manual page's Markdown to man(1): cmake -DPAGE= -DNAME= -DOUT= -DVERSION= -DGO_MD2MAN= -P man_page.cmake
file(READ ${PAGE} text)
# The title line is what man(1) shows at the page's head and foot.
string(REGEX REPLACE "^# [^\n]*" "# \"${NAME}\" \"1\" \"\" \"salvor ${VERSION}\" \"salvor\"" text "${text}")
file(WRITE ${OUT}.md "${text}")
execute_process(COMMAND ${GO_MD2MAN} -in ${OUT}.md -out ${OUT} COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE ${OUT}.md)
