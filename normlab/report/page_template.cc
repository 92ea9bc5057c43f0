#include "normlab/report/page_template.h"

namespace normlab {

std::string_view report_page_template() {
  return "<!doctype html><meta charset=\"utf-8\">"
         "<script type=\"application/json\" id=\"report\">@REPORT@</script>";
}

}  // namespace normlab
